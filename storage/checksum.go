// The checksum of a record, which travels with it in one write.

package storage

import (
	"bytes"
	"encoding/json"
	"errors"
	"hash/crc32"
)

// A checksum is written behind the record's JSON as white space, two bits a
// character: what reads JSON passes over it, so that older programs read newer
// records, and records without one, which older programs wrote, are valid. It
// covers the table's name and the key too: a record under another key is
// another record.
const (
	white        = " \t\n\r"
	sumLength    = 16 // characters
	bitsOfOne    = 2
	bitsMask     = 1<<bitsOfOne - 1
	sumSeparator = "\x00"
)

var (
	errSum     = errors.New("its checksum is wrong: some of it was changed on the disk")
	errNotJSON = errors.New("it is not JSON")
)

func recordSum(table, key string, record []byte) uint32 {
	sum := crc32.Checksum([]byte(table+sumSeparator+key+sumSeparator), castagnoli)
	return crc32.Update(sum, castagnoli, record)
}

// seal returns record with its checksum behind it.
func seal(table, key string, record []byte) []byte {
	sum := recordSum(table, key, record)
	sealed := append(make([]byte, 0, len(record)+sumLength), record...)
	for shift := 0; shift < sumLength*bitsOfOne; shift += bitsOfOne {
		sealed = append(sealed, white[sum>>shift&bitsMask])
	}
	return sealed
}

// unseal returns the record in raw without its checksum, once that is right.
// One without a checksum is returned as it is.
func unseal(table, key string, raw []byte) (record []byte, err error) {
	if !isSealed(raw) {
		return raw, nil
	}
	record = raw[:len(raw)-sumLength]
	var sum uint32
	for i, c := range raw[len(record):] {
		sum |= uint32(bytes.IndexByte([]byte(white), c)) << (i * bitsOfOne)
	}
	if sum != recordSum(table, key, record) {
		return nil, errSum
	}
	return record, nil
}

// isSealed reports whether a checksum stands behind a record. JSON as it is
// written here never ends in white space of its own.
func isSealed(raw []byte) bool {
	return len(raw) > sumLength && len(bytes.Trim(raw[len(raw)-sumLength:], white)) == 0
}

// readable returns the JSON of a record of any type, or why there is none.
func readable(table, key string, raw []byte) ([]byte, error) {
	record, err := unseal(table, key, raw)
	if err == nil && !json.Valid(record) {
		err = errNotJSON
	}
	return record, err
}
