module github.com/normalize-errors/caddy-normalize-errors/integration

go 1.26.0

require (
	github.com/docker/distribution v2.8.3+incompatible
	github.com/modelcontextprotocol/go-sdk v1.8.0
	github.com/normalize-errors/caddy-normalize-errors v0.0.0
)

require (
	github.com/andybalholm/brotli v1.2.8 // indirect
	github.com/dunglas/httpsfv v1.1.1 // indirect
	github.com/klauspost/compress v1.20.1 // indirect
	github.com/segmentio/asm v1.1.3 // indirect
	github.com/segmentio/encoding v0.5.4 // indirect
	golang.org/x/oauth2 v0.37.0 // indirect
	golang.org/x/sys v0.48.0 // indirect
	golang.org/x/text v0.42.0 // indirect
)

replace github.com/normalize-errors/caddy-normalize-errors => ../
