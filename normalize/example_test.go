package normalize_test

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strconv"

	"github.com/normalize-errors/caddy-normalize-errors/normalize"
)

// A plain reverse proxy answers failures as one API.
func Example() {
	legacy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("X-Powered-By", "Servlet/3.0")
		w.WriteHeader(http.StatusNotFound)
		io.WriteString(w, `{"error":{"code":"NoSuchCustomer","message":"There is no customer 42."}}`)
	}))
	defer legacy.Close()

	normalizer, err := normalize.New(normalize.Config{})
	if err != nil {
		panic(err)
	}
	const limit = 64 << 10
	target, _ := url.Parse(legacy.URL)
	proxy := &httputil.ReverseProxy{
		Rewrite: func(r *httputil.ProxyRequest) { r.SetURL(target) },
		ModifyResponse: func(resp *http.Response) error {
			if !normalizer.MayClaim(resp.StatusCode) {
				return nil
			}
			body, err := io.ReadAll(io.LimitReader(resp.Body, limit+1))
			if err != nil {
				return err
			}
			req := normalize.NewRequest(resp.Request)
			verdict := normalizer.Decide(&req, &normalize.Response{
				Status:    resp.StatusCode,
				Header:    resp.Header,
				Body:      body[:min(len(body), limit)],
				Truncated: len(body) > limit,
			})
			if verdict.Pass {
				resp.Body = struct {
					io.Reader
					io.Closer
				}{io.MultiReader(bytes.NewReader(body), resp.Body), resp.Body}
				return nil
			}
			resp.Body.Close()
			normalize.EditHeader(resp.Header, resp.StatusCode, &verdict)
			resp.StatusCode = verdict.Status
			envelope := normalize.AppendEnvelope(nil, verdict.Code, verdict.Description)
			resp.Body = io.NopCloser(bytes.NewReader(envelope))
			resp.ContentLength = int64(len(envelope))
			resp.Header.Set("Content-Length", strconv.Itoa(len(envelope)))
			return nil
		},
	}
	gateway := httptest.NewServer(proxy)
	defer gateway.Close()

	resp, err := http.Get(gateway.URL + "/customers/42")
	if err != nil {
		panic(err)
	}
	defer resp.Body.Close()
	body, _ := io.ReadAll(resp.Body)
	fmt.Println(resp.Status)
	fmt.Printf("%s\n", body)
	// Output:
	// 404 Not Found
	// {"code":"CUSTOMER_NOT_EXIST","description":"There is no customer 42."}
}
