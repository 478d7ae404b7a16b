module github.com/normalize-errors/caddy-normalize-errors/integration

go 1.26.0

require github.com/normalize-errors/caddy-normalize-errors v0.0.0

replace github.com/normalize-errors/caddy-normalize-errors => ../
