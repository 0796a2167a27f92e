// The walk over every page that is reachable.

package dbcheck

import (
	"bytes"
	"os"
)

// walk is one walk over the file.
type walk struct {
	meta
	file *os.File
	used []bool // by page number: reachable from the root, or part of the freelist
}

// page reads page id with its overflow pages and marks them as used. No page
// can be reached twice, which bounds the walk on any file.
func (c *walk) page(id uint64) ([]byte, error) {
	if id < 2 || id >= c.pages {
		return nil, broken("page %d is outside of the file", id)
	}
	head := make([]byte, pageHeaderSize)
	if _, err := c.file.ReadAt(head, int64(id)*int64(c.pageSize)); err != nil {
		return nil, err
	}
	last := id + uint64(order.Uint32(head[12:]))
	if order.Uint64(head) != id || last >= c.pages {
		return nil, broken("page %d has a wrong header", id)
	}
	for i := id; i <= last; i++ {
		if c.used[i] {
			return nil, broken("page %d is used twice", i)
		}
		c.used[i] = true
	}
	b := make([]byte, (last-id+1)*uint64(c.pageSize))
	_, err := c.file.ReadAt(b, int64(id)*int64(c.pageSize))
	return b, err
}

// maxDepth is beyond any real tree: bbolt's pages hold at least two elements.
const maxDepth = 64

// tree walks the B+ tree at page id, whose keys must lie in [low, high); nil
// is no bound.
func (c *walk) tree(id uint64, depth int, low, high []byte) error {
	if depth > maxDepth {
		return broken("page %d is too deep in its tree", id)
	}
	b, err := c.page(id)
	if err != nil {
		return err
	}
	switch order.Uint16(b[8:]) {
	case leafFlag:
		return c.leaf(id, b, depth, low, high)
	case branchFlag:
		return c.branch(id, b, depth, low, high)
	}
	return broken("page %d is of no known kind", id)
}

// element is one entry of a branch or leaf page.
type element struct {
	pos        int // of its data, from the entry on
	key, value []byte
	child      uint64
	isBucket   bool
}

func (c *walk) branch(id uint64, b []byte, depth int, low, high []byte) error {
	elements, err := c.elements(id, b, parseBranchElement, low, high)
	if err != nil {
		return err
	}
	if len(elements) == 0 {
		return broken("page %d is empty", id)
	}
	for i, e := range elements {
		end := high
		if i+1 < len(elements) {
			end = elements[i+1].key
		}
		if err := c.tree(e.child, depth+1, e.key, end); err != nil {
			return err
		}
	}
	return nil
}

func (c *walk) leaf(id uint64, b []byte, depth int, low, high []byte) error {
	elements, err := c.elements(id, b, parseLeafElement, low, high)
	if err != nil {
		return err
	}
	for _, e := range elements {
		if !e.isBucket {
			continue
		}
		if len(e.value) < bucketSize {
			return broken("page %d holds a broken table", id)
		}
		if root := order.Uint64(e.value); root != 0 {
			if err := c.tree(root, depth+1, nil, nil); err != nil {
				return err
			}
			continue
		}
		if err := c.inlineBucket(id, e.value[bucketSize:], depth); err != nil {
			return err
		}
	}
	return nil
}

// inlineBucket checks a small table kept inside its parent's page.
func (c *walk) inlineBucket(id uint64, b []byte, depth int) error {
	if depth > maxDepth || len(b) < pageHeaderSize || order.Uint16(b[8:]) != leafFlag {
		return broken("page %d holds a broken table", id)
	}
	elements, err := c.elements(id, b, parseLeafElement, nil, nil)
	if err != nil {
		return err
	}
	for _, e := range elements {
		if e.isBucket {
			return broken("page %d holds a broken table", id)
		}
	}
	return nil
}

// elements parses a page's entries and checks their bounds and their order.
func (c *walk) elements(id uint64, b []byte, parse func(b []byte) (element, bool), low, high []byte) ([]element, error) {
	count := int(order.Uint16(b[10:]))
	if pageHeaderSize+count*elementSize > len(b) {
		return nil, broken("page %d claims %d entries", id, count)
	}
	elements := make([]element, count)
	// bbolt writes the entries' data one behind the other, right behind the
	// entries: a number that was changed doesn't fit there.
	due := pageHeaderSize + count*elementSize
	for i := range elements {
		at := pageHeaderSize + i*elementSize
		e, ok := parse(b[at:])
		if !ok {
			return nil, broken("entry %d of page %d is outside of its page", i, id)
		}
		if at+e.pos != due {
			return nil, broken("entry %d of page %d is misplaced", i, id)
		}
		due += len(e.key) + len(e.value)
		misplaced := i > 0 && bytes.Compare(e.key, elements[i-1].key) <= 0 ||
			i == 0 && low != nil && bytes.Compare(e.key, low) < 0 ||
			high != nil && bytes.Compare(e.key, high) >= 0
		if misplaced {
			return nil, broken("entry %d of page %d is out of order", i, id)
		}
		elements[i] = e
	}
	return elements, nil
}

func parseBranchElement(b []byte) (element, bool) {
	pos, keySize := uint64(order.Uint32(b)), uint64(order.Uint32(b[4:]))
	if pos < elementSize || pos+keySize > uint64(len(b)) {
		return element{}, false
	}
	return element{pos: int(pos), key: b[pos : pos+keySize], child: order.Uint64(b[8:])}, true
}

func parseLeafElement(b []byte) (element, bool) {
	flags, pos := order.Uint32(b), uint64(order.Uint32(b[4:]))
	keySize, valueSize := uint64(order.Uint32(b[8:])), uint64(order.Uint32(b[12:]))
	end := pos + keySize + valueSize
	if flags > bucketEntryFlag || pos < elementSize || end > uint64(len(b)) {
		return element{}, false
	}
	return element{pos: int(pos), key: b[pos : pos+keySize], value: b[pos+keySize : end], isBucket: flags == bucketEntryFlag}, true
}

// freelist checks that no page in use is listed as free: it would be
// overwritten with its data. One that is neither is only wasted.
func (c *walk) freelist() error {
	if c.freelistPage == noFreelist {
		return nil
	}
	b, err := c.page(c.freelistPage)
	if err != nil {
		return err
	}
	if order.Uint16(b[8:]) != freelistFlag {
		return broken("page %d should list free pages", c.freelistPage)
	}
	ids, count := b[pageHeaderSize:], uint64(order.Uint16(b[10:]))
	if count == 0xFFFF { // the count did not fit and stands before the list
		count, ids = order.Uint64(ids), ids[8:]
	}
	if count > uint64(len(ids)/8) {
		return broken("page %d claims %d free pages", c.freelistPage, count)
	}
	for i := range count {
		id := order.Uint64(ids[i*8:])
		if id < 2 || id >= c.pages || c.used[id] {
			return broken("page %d is listed as free but is not", id)
		}
		c.used[id] = true
	}
	return nil
}
