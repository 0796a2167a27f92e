// Kinds of files as people call them.

package kit

import (
	"strings"

	"fyne.io/fyne/v2/lang"
)

// FileKind is what people call files of an extension.
func FileKind(ext string) string {
	switch ext {
	case "bin":
		return lang.L("Unknown kind")
	case "jpg":
		return "JPEG"
	case "jxl":
		return "JPEG XL"
	case "tif":
		return "TIFF"
	case "webp":
		return "WebP"
	}
	return strings.ToUpper(ext)
}
