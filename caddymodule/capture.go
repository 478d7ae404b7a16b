package caddymodule

import "sync"

// capture holds the beginning of a body.
type capture struct {
	buf       []byte
	limit     int
	size      int64 // bytes that came, kept or not
	truncated bool  // more came than was kept, or may have come
}

// initialCapture is the capacity of a new buffer: most error bodies fit.
const initialCapture = 4 << 10

var captures = sync.Pool{New: func() any { return &capture{buf: make([]byte, 0, initialCapture)} }}

// newCapture returns a capture of at most limit bytes.
func newCapture(limit int) *capture {
	c := captures.Get().(*capture)
	c.limit = limit
	return c
}

// release gives the buffer back, unless there is none, or it grew past twice the
// limit or past what is worth keeping around.
func (c *capture) release() {
	if c.buf == nil || cap(c.buf) > 2*c.limit || cap(c.buf) > 128<<10 {
		return
	}
	*c = capture{buf: c.buf[:0]}
	captures.Put(c)
}

// add keeps as much of p as fits and returns how much that is.
func (c *capture) add(p []byte) int {
	c.size += int64(len(p))
	kept := min(len(p), c.limit-len(c.buf))
	c.buf = append(c.buf, p[:kept]...)
	if kept < len(p) {
		c.truncated = true
	}
	return kept
}

// Write is add for readers that are copied aside; it always takes all of p.
func (c *capture) Write(p []byte) (int, error) {
	c.add(p)
	return len(p), nil
}

func (c *capture) bytes() []byte { return c.buf }
