// Package caddymodule is the Caddy HTTP handler normalize_errors: it captures
// what a legacy service sends on failure, has package normalize decide, answers
// the client and records the original.
package caddymodule

import (
	"github.com/caddyserver/caddy/v2"
)

func init() {
	caddy.RegisterModule(new(Handler))
}

// Handler makes every failure behind it speak one language.
type Handler struct{}

// CaddyModule returns the Caddy module information.
func (*Handler) CaddyModule() caddy.ModuleInfo {
	return caddy.ModuleInfo{
		ID:  "http.handlers.normalize_errors",
		New: func() caddy.Module { return new(Handler) },
	}
}
