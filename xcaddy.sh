#!/bin/sh
# Builds Caddy with the normalize_errors handler of this folder.
#
#   ./xcaddy.sh [build] [OUTPUT]     build into OUTPUT (default: ./caddy)
#   ./xcaddy.sh run [FLAG...]        build, then `caddy run` with these flags;
#                                    without --config it runs Caddyfile.example
#
# Needs Go and, for the first build, a way to the Go module proxy. xcaddy is used
# where it is installed; without it, the same build is made with go alone.
# CADDY_VERSION chooses the version of Caddy; XCADDY_RACE_DETECTOR=1 builds with
# the race detector, as for xcaddy.
set -eu

version=${CADDY_VERSION:-v2.11.9}
caddy=github.com/caddyserver/caddy/v2
module=github.com/normalize-errors/caddy-normalize-errors
handler=http.handlers.normalize_errors

export GOWORK=off

here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
tmp=

# What go says when it cannot reach a module proxy or a repository.
offline='dial tcp|no such host|i/o timeout|TLS handshake|proxyconnect|GOPROXY=off|[Cc]ould not resolve'

die() {
	printf 'xcaddy.sh: %s\n' "$*" >&2
	exit 1
}

usage() {
	sed -n '2,/^set/s/^# \{0,1\}//p' "$here/xcaddy.sh"
}

# need_go dies unless go is there and new enough; go itself fetches a newer
# toolchain where it may (GOTOOLCHAIN).
need_go() {
	want=$(sed -n 's/^go //p' "$here/go.mod")
	command -v go >/dev/null || die "Go is not installed; get Go $want or newer from https://go.dev/dl/"
	(cd "$here" && go list -m) >/dev/null 2>"$tmp/log" ||
		die "Go $want or newer is needed, this is $(cd / && go env GOVERSION): $(tail -n 1 "$tmp/log")"
}

# with_xcaddy and with_go build $tmp/caddy.
with_xcaddy() {
	cd "$here"
	xcaddy build "$version" --with "$module=." --output "$tmp/caddy"
}

with_go() {
	mkdir "$tmp/main"
	cd "$tmp/main"
	cat >main.go <<-EOF
		package main

		import (
			caddycmd "$caddy/cmd"
			_ "$caddy/modules/standard"
			_ "$module"
		)

		func main() { caddycmd.Main() }
	EOF
	cp "$here/go.sum" .
	cgo=0 race=
	[ "${XCADDY_RACE_DETECTOR-}" != 1 ] || cgo=1 race=-race
	go mod init caddy
	go mod edit -require="$caddy@$version" -require="$module@v0.0.0" -replace="$module=$here"
	# shellcheck disable=SC2086 # no word if empty
	CGO_ENABLED=$cgo go build -mod=mod $race -trimpath -ldflags '-w -s' \
		-tags nobadger,nomysql,nopgx -o "$tmp/caddy" .
}

# build FILE builds Caddy, checks what came out, and only then puts it at FILE.
build() {
	case $version in
	v[0-9]*.[0-9]*.[0-9]*) ;;
	*) die "CADDY_VERSION is \"$version\": write a version like v2.11.9" ;;
	esac
	[ ! -d "$1" ] || die "$1 is a folder: name the file to build"
	tmp=$(mktemp -d)
	trap 'rm -rf "$tmp"' EXIT
	trap 'exit 1' HUP INT TERM
	need_go

	if command -v xcaddy >/dev/null; then by=xcaddy; else by=go; fi
	echo "xcaddy.sh: building Caddy $version with $by; the first time takes a few minutes" >&2
	set +e # inside a condition, the functions would run on after a failure
	(
		set -e
		"with_$by"
	) >"$tmp/log" 2>&1
	failed=$?
	set -e
	if [ $failed -ne 0 ]; then
		! grep -Eq "$offline" "$tmp/log" ||
			die "no way to the Go module proxy ($(go env GOPROXY)): connect, or set GOPROXY to one within reach"
		cat "$tmp/log" >&2
		die "building with $by failed, see above"
	fi

	"$tmp/caddy" list-modules | grep -qx "$handler" || die "the binary built lacks the module $handler"
	built=$("$tmp/caddy" build-info | awk -v m="$caddy" '$1 == "dep" && $2 == m { print $3 }')
	[ "$built" = "$version" ] || die "built with Caddy $built, not $version: this module needs Caddy $built or newer"
	mv -f "$tmp/caddy" "$1"
	rm -rf "$tmp"
	echo "xcaddy.sh: built $1" >&2
}

case ${1-} in
-*)
	usage
	case $1 in -h | --help) exit ;; *) exit 2 ;; esac
	;;
run)
	shift
	build "$here/caddy"
	for flag; do
		case $flag in
		-c* | --config | --config=*) exec "$here/caddy" run "$@" ;;
		esac
	done
	exec "$here/caddy" run --config "$here/Caddyfile.example" "$@"
	;;
build) shift ;;
esac
[ $# -le 1 ] || die "one OUTPUT at most; see $0 --help"
case ${1:-caddy} in
/*) build "$1" ;;
*) build "$PWD/${1:-caddy}" ;;
esac
