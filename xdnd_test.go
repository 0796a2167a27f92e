// The source side of X drag and drop (XDND 5, https://www.freedesktop.org/wiki/Specifications/XDND):
// what a file manager says to the window that files are dropped on.

package main_test

import (
	"errors"
	"fmt"
	"io"
	"net/url"
	"path/filepath"
	"strings"
	"time"

	"github.com/jezek/xgb"
	"github.com/jezek/xgb/xproto"
)

const (
	xdndVersion = 5
	xdndTimeout = 20 * time.Second
)

// errNoSuchWindow says that no visible window of the name takes drops, perhaps not yet.
var errNoSuchWindow = errors.New("no such window that takes drops")

// dropFiles drags files and folders onto the window whose title or class contains name, and lets go at
// x, y pixels from the window's own top left corner. It returns when the window has said that it has
// read the list, and fails when the window is not there, refuses, or doesn't answer in xdndTimeout.
func dropFiles(display, name string, x, y int, paths []string) error {
	list, err := uriList(paths)
	if err != nil {
		return err
	}
	x11, err := connectX(display)
	if err != nil {
		return err
	}
	defer x11.close()

	target, err := x11.findWindow(name)
	if err != nil {
		return err
	}
	drag, err := x11.beginDrag(target, list)
	if err != nil {
		return fmt.Errorf("dragging onto %q: %w", name, err)
	}
	if err := drag.moveTo(x, y); err != nil {
		return fmt.Errorf("dragging onto %q: %w", name, err)
	}
	if err := drag.drop(); err != nil {
		return fmt.Errorf("dropping onto %q: %w", name, err)
	}
	return nil
}

// uriList is the text/uri-list of RFC 2483: percent-encoded file URIs, each line ended by CR LF.
func uriList(paths []string) ([]byte, error) {
	var list []byte
	for _, path := range paths {
		absolute, err := filepath.Abs(path)
		if err != nil {
			return nil, fmt.Errorf("naming a dropped file: %w", err)
		}
		uri := url.URL{Scheme: "file", Path: filepath.ToSlash(absolute)}
		list = append(list, uri.String()+"\r\n"...)
	}
	return list, nil
}

// xClient is a connection to an X server, and the events that arrive on it.
type xClient struct {
	conn   *xgb.Conn
	root   xproto.Window
	events chan xgb.Event
	atoms  map[string]xproto.Atom
}

func connectX(display string) (*xClient, error) {
	xgb.Logger.SetOutput(io.Discard) // It complains of every display without an authority file.
	conn, err := xgb.NewConnDisplay(display)
	if err != nil {
		return nil, fmt.Errorf("connecting to X display %s: %w", display, err)
	}
	client := &xClient{
		conn:   conn,
		root:   xproto.Setup(conn).DefaultScreen(conn).Root,
		events: make(chan xgb.Event, 64),
		atoms:  map[string]xproto.Atom{},
	}
	go client.readEvents()
	return client, nil
}

// readEvents ends when close closes the connection.
func (c *xClient) readEvents() {
	defer close(c.events)
	for {
		event, err := c.conn.WaitForEvent()
		if event == nil && err == nil {
			return
		}
		if event != nil {
			c.events <- event
		}
	}
}

func (c *xClient) close() {
	c.conn.Close()
	for range c.events { // Until the reader has seen the end.
	}
}

func (c *xClient) atom(name string) (xproto.Atom, error) {
	if known, ok := c.atoms[name]; ok {
		return known, nil
	}
	reply, err := xproto.InternAtom(c.conn, false, uint16(len(name)), name).Reply()
	if err != nil {
		return 0, fmt.Errorf("looking up X atom %s: %w", name, err)
	}
	c.atoms[name] = reply.Atom
	return reply.Atom, nil
}

// findWindow walks the tree of windows, because a window manager puts ours inside its frame.
func (c *xClient) findWindow(name string) (xproto.Window, error) {
	pending := []xproto.Window{c.root}
	for len(pending) > 0 {
		window := pending[0]
		pending = pending[1:]
		if c.takesDrops(window) && c.isCalled(window, name) && c.isVisible(window) {
			return window, nil
		}
		tree, err := xproto.QueryTree(c.conn, window).Reply()
		if err != nil {
			continue // The window closed while we were looking.
		}
		pending = append(pending, tree.Children...)
	}
	return 0, fmt.Errorf("%q: %w", name, errNoSuchWindow)
}

func (c *xClient) takesDrops(window xproto.Window) bool {
	aware := c.property(window, "XdndAware")
	return len(aware) >= 4 && xgb.Get32(aware) >= xdndVersion
}

func (c *xClient) isCalled(window xproto.Window, name string) bool {
	for _, property := range []string{"_NET_WM_NAME", "WM_NAME", "WM_CLASS"} {
		if strings.Contains(string(c.property(window, property)), name) {
			return true
		}
	}
	return false
}

func (c *xClient) isVisible(window xproto.Window) bool {
	attributes, err := xproto.GetWindowAttributes(c.conn, window).Reply()
	return err == nil && attributes.MapState == xproto.MapStateViewable
}

// property reads a window's property, nothing when the window or the property isn't there.
func (c *xClient) property(window xproto.Window, name string) []byte {
	const words = 1024
	atom, err := c.atom(name)
	if err != nil {
		return nil
	}
	reply, err := xproto.GetProperty(c.conn, false, window, atom, xproto.GetPropertyTypeAny, 0, words).Reply()
	if err != nil {
		return nil
	}
	return reply.Value
}

// xDrag is one drag in progress, from a window of our own to the target.
type xDrag struct {
	*xClient
	source, target xproto.Window
	list           []byte
	deadline       <-chan time.Time
}

// beginDrag takes the drag's selection and enters the target window.
func (c *xClient) beginDrag(target xproto.Window, list []byte) (*xDrag, error) {
	source, err := xproto.NewWindowId(c.conn)
	if err != nil {
		return nil, fmt.Errorf("making the source window: %w", err)
	}
	err = xproto.CreateWindowChecked(c.conn, 0, source, c.root, 0, 0, 1, 1, 0,
		xproto.WindowClassInputOnly, 0, 0, nil).Check()
	if err != nil {
		return nil, fmt.Errorf("making the source window: %w", err)
	}
	selection, err := c.atom("XdndSelection")
	if err != nil {
		return nil, err
	}
	err = xproto.SetSelectionOwnerChecked(c.conn, source, selection, xproto.TimeCurrentTime).Check()
	if err != nil {
		return nil, fmt.Errorf("taking the drag's selection: %w", err)
	}
	uris, err := c.atom("text/uri-list")
	if err != nil {
		return nil, err
	}
	drag := &xDrag{xClient: c, source: source, target: target, list: list, deadline: time.After(xdndTimeout)}
	return drag, drag.say("XdndEnter", xdndVersion<<24, uint32(uris), 0, 0)
}

// moveTo moves the drag to a place in the target window and waits for its consent.
func (d *xDrag) moveTo(x, y int) error {
	place, err := xproto.TranslateCoordinates(d.conn, d.target, d.root, int16(x), int16(y)).Reply()
	if err != nil {
		return fmt.Errorf("finding the place on the screen: %w", err)
	}
	action, err := d.atom("XdndActionCopy")
	if err != nil {
		return err
	}
	at := uint32(uint16(place.DstX))<<16 | uint32(uint16(place.DstY))
	if err := d.say("XdndPosition", 0, at, xproto.TimeCurrentTime, uint32(action)); err != nil {
		return err
	}
	status, err := d.await("XdndStatus")
	if err != nil {
		return err
	}
	if status&1 == 0 {
		return errors.New("the window refuses the drag")
	}
	return nil
}

// drop lets go, hands over the list when asked, and waits until the target is done with it.
func (d *xDrag) drop() error {
	if err := d.say("XdndDrop", 0, xproto.TimeCurrentTime, 0, 0); err != nil {
		return err
	}
	finished, err := d.await("XdndFinished")
	if err != nil {
		return err
	}
	if finished == 0 { // GLFW puts the list's length where the specification has one bit.
		return errors.New("the window refused the drop")
	}
	return nil
}

// say sends the target a message whose first number is always our window.
func (d *xDrag) say(message string, numbers ...uint32) error {
	kind, err := d.atom(message)
	if err != nil {
		return err
	}
	event := xproto.ClientMessageEvent{
		Format: 32,
		Window: d.target,
		Type:   kind,
		Data:   xproto.ClientMessageDataUnionData32New(append([]uint32{uint32(d.source)}, numbers...)),
	}
	err = xproto.SendEventChecked(d.conn, false, d.target, xproto.EventMaskNoEvent, string(event.Bytes())).Check()
	if err != nil {
		return fmt.Errorf("sending %s: %w", message, err)
	}
	return nil
}

// await serves requests for the list until the target's answer of that name arrives, and returns its flags.
func (d *xDrag) await(answer string) (flags uint32, err error) {
	kind, err := d.atom(answer)
	if err != nil {
		return 0, err
	}
	for {
		select {
		case <-d.deadline:
			return 0, fmt.Errorf("no %s within %v", answer, xdndTimeout)
		case event, open := <-d.events:
			if !open {
				return 0, fmt.Errorf("the X server closed the connection before %s", answer)
			}
			switch event := event.(type) {
			case xproto.SelectionRequestEvent:
				if err := d.handOver(event); err != nil {
					return 0, err
				}
			case xproto.ClientMessageEvent:
				if event.Type == kind {
					return event.Data.Data32[1], nil
				}
			}
		}
	}
}

// handOver puts the list where the target asked for it, and tells it so.
func (d *xDrag) handOver(request xproto.SelectionRequestEvent) error {
	err := xproto.ChangePropertyChecked(d.conn, xproto.PropModeReplace, request.Requestor, request.Property,
		request.Target, 8, uint32(len(d.list)), d.list).Check()
	if err != nil {
		return fmt.Errorf("handing over the list of files: %w", err)
	}
	done := xproto.SelectionNotifyEvent{
		Time:      request.Time,
		Requestor: request.Requestor,
		Selection: request.Selection,
		Target:    request.Target,
		Property:  request.Property,
	}
	err = xproto.SendEventChecked(d.conn, false, request.Requestor, xproto.EventMaskNoEvent, string(done.Bytes())).Check()
	if err != nil {
		return fmt.Errorf("handing over the list of files: %w", err)
	}
	return nil
}
