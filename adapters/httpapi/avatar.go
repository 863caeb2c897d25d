package httpapi

import (
	"errors"
	"io"
	"mime"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"wxlogin/domain"
)

const (
	avatarsPath = "/v1/avatars/"
	uploadPath  = "/v1/me/avatar"

	// maxPicture is the largest picture that is taken, in bytes, and maxUpload the
	// body around it.
	maxPicture = 2 << 20
	maxUpload  = maxPicture + 64<<10
)

// putAvatar takes what wx.uploadFile sends, or a bare image.
func (a *API) putAvatar(c echo.Context) error {
	r := c.Request()
	caller, err := a.Authenticate.Authenticate(r.Context(), bearer(r))
	if err != nil {
		return err
	}
	leave, err := a.edge.uploads.take(r.Context(), caller.UserID)
	if err != nil {
		return err
	}
	defer leave()
	picture, err := readPicture(c)
	if err != nil {
		return err
	}
	user, err := a.shown(a.Avatar.SetAvatar(r.Context(), caller, picture))
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, user)
}

// pictureTypes are the bodies that are taken for a bare image. What it is, the
// bytes say.
var pictureTypes = []string{"image/jpeg", "image/png", "image/webp", "image/gif", "application/octet-stream"}

func readPicture(c echo.Context) ([]byte, error) {
	paceBody(c)
	r := c.Request()
	kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	switch {
	case r.ContentLength > maxUpload:
		return nil, errTooLarge
	case err == nil && kind == "multipart/form-data":
		return readFilePart(c)
	case err == nil && slices.Contains(pictureTypes, kind):
		return readUpTo(r.Body, r.ContentLength)
	}
	return nil, errPictureType
}

// readFilePart returns the field "file" of a form.
func readFilePart(c echo.Context) ([]byte, error) {
	r := c.Request()
	r.Body = http.MaxBytesReader(c.Response(), r.Body, maxUpload)
	parts, err := r.MultipartReader()
	if err != nil {
		return nil, &requestError{[]fieldFault{{Rule: "multipart"}}}
	}
	for {
		part, err := parts.NextPart()
		switch {
		case errors.Is(err, io.EOF):
			return nil, &requestError{[]fieldFault{{"file", "required"}}}
		case err != nil:
			return nil, formError(err)
		case part.FormName() == "file":
			return readUpTo(part, r.ContentLength)
		}
	}
}

func formError(err error) error {
	var long *http.MaxBytesError
	if errors.As(err, &long) {
		return errTooLarge
	}
	return &requestError{[]fieldFault{{Rule: "multipart"}}}
}

// readUpTo reads a picture into memory that is not larger than what was announced.
func readUpTo(from io.Reader, announced int64) ([]byte, error) {
	room := int64(64 << 10)
	if announced > 0 {
		room = min(announced, maxPicture)
	}
	picture := make([]byte, 0, room+1)
	for {
		n, err := from.Read(picture[len(picture):cap(picture)])
		picture = picture[:len(picture)+n]
		switch {
		case len(picture) > maxPicture:
			return nil, errTooLarge
		case errors.Is(err, io.EOF):
			return picture, nil
		case err != nil:
			return nil, bodyError(err)
		case len(picture) == cap(picture):
			picture = slices.Grow(picture, len(picture))
		}
	}
}

// getAvatar shows a picture to anybody who knows its name. What a name stands for
// never changes.
func (a *API) getAvatar(c echo.Context) error {
	name, ok := domain.ParseAvatarName(c.Param("name"))
	if !ok {
		return errNotFound
	}
	picture, err := a.Avatar.Avatar(c.Request().Context(), name)
	if err != nil {
		return err
	}
	h, tag := c.Response().Header(), `"`+string(name)+`"`
	h.Set("ETag", tag)
	h.Set("Cache-Control", "public, max-age=31536000, immutable")
	h.Set("Content-Security-Policy", "default-src 'none'; sandbox; frame-ancestors 'none'")
	if holds(c.Request().Header.Values("If-None-Match"), tag) {
		return c.NoContent(http.StatusNotModified)
	}
	h.Set("Content-Length", strconv.Itoa(len(picture)))
	return c.Blob(http.StatusOK, "image/jpeg", picture)
}

// holds reports whether one of the tags in an If-None-Match is tag (RFC 9110
// section 13.1.2).
func holds(fields []string, tag string) bool {
	for _, field := range fields {
		for one := range strings.SplitSeq(field, ",") {
			one = strings.TrimPrefix(strings.TrimSpace(one), "W/")
			if one == tag || one == "*" {
				return true
			}
		}
	}
	return false
}
