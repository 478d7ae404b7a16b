// Package normalizeerrors plugs the normalize_errors handler into a Caddy
// build: xcaddy imports this package for its side effect.
package normalizeerrors

import _ "github.com/normalize-errors/caddy-normalize-errors/caddymodule"
