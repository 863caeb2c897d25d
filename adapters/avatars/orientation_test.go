package avatars_test

import (
	"encoding/binary"
	"errors"
	"fmt"
	"testing"

	"wxlogin/adapters/avatars"
)

func wantCode(t *testing.T, err, want error) {
	t.Helper()
	if !errors.Is(err, want) {
		t.Errorf("got %v, want %v", err, want)
	}
}

// byteOrder is one of the two.
type byteOrder interface {
	binary.ByteOrder
	binary.AppendByteOrder
}

// tiff is what is in an Exif segment: a text, which is no field's value, between
// two fields of which the second is the orientation.
func tiff(order byteOrder, orientation uint16, text []byte) []byte {
	data := []byte("II")
	if order.String() == "BigEndian" {
		data = []byte("MM")
	}
	data = order.AppendUint16(data, 42)
	data = order.AppendUint32(data, uint32(8+len(text)))
	data = append(data, text...)
	data = order.AppendUint16(data, 2)
	for _, field := range [][2]uint16{{0x010f, 7}, {0x0112, orientation}} {
		data = order.AppendUint16(data, field[0])
		data = order.AppendUint16(data, 3)
		data = order.AppendUint32(data, 1)
		data = order.AppendUint16(data, field[1])
		data = order.AppendUint16(data, 0)
	}
	return data
}

// seen is what is seen in each corner of a picture that is stored as quarters are.
var seen = map[uint16][4]int{
	1: {0, 1, 2, 3}, 2: {1, 0, 3, 2}, 3: {3, 2, 1, 0}, 4: {2, 3, 0, 1},
	5: {0, 2, 1, 3}, 6: {2, 0, 3, 1}, 7: {3, 1, 2, 0}, 8: {1, 3, 0, 2},
	0: {0, 1, 2, 3}, 9: {0, 1, 2, 3}, 65535: {0, 1, 2, 3},
}

func TestPhotosAreTurnedUpright(t *testing.T) {
	photo := jpegFile(t, quarters(300, 200))
	for orientation, want := range seen {
		for _, order := range []byteOrder{binary.LittleEndian, binary.BigEndian} {
			t.Run(fmt.Sprint(orientation, order), func(t *testing.T) {
				exif := append([]byte("Exif\x00\x00"), tiff(order, orientation, []byte("text"))...)
				upload := append([]byte("\xff\xd8"), segment(0xe0, []byte("JFIF\x00")...)...)
				upload = append(append(upload, segment(0xe1, exif...)...), photo[2:]...)
				wantCorners(t, made(t, upload), want)
			})
		}
	}
}

func TestAnOrientationThatCannotBeReadIsNone(t *testing.T) {
	whole := tiff(binary.LittleEndian, 6, nil)
	for n := range len(whole) - 3 { // of the value the last two bytes do not count
		if got := avatars.TIFFOrientation(whole[:n]); got != 1 {
			t.Errorf("the first %d bytes: got %d, want 1", n, got)
		}
	}
	elsewhere := tiff(binary.LittleEndian, 6, nil)
	binary.LittleEndian.PutUint32(elsewhere[4:], 1<<32-1)
	otherType := tiff(binary.LittleEndian, 6, nil)
	otherType[24] = 4
	for name, give := range map[string][]byte{"elsewhere": elsewhere, "of another type": otherType} {
		if got := avatars.TIFFOrientation(give); got != 1 {
			t.Errorf("%s: got %d, want 1", name, got)
		}
	}
}
