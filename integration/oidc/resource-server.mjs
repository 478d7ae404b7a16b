// A resource server of some age: it asks the authorization server at
// INTROSPECTION what a token is worth, and refuses in its own way, without a
// challenge that a client could use. It listens at ADDR.
import { createServer } from 'node:http'

const service = 'Basic ' + Buffer.from('service:service-secret').toString('base64')

async function introspect(token) {
  const response = await fetch(process.env.INTROSPECTION, {
    method: 'POST',
    headers: { authorization: service },
    body: new URLSearchParams({ token }),
  })
  if (!response.ok) throw new Error(`introspection says ${response.status}`)
  return response.json()
}

// nonceOf returns the nonce of a DPoP proof, whose signature nobody checks here.
const nonceOf = (proof) => JSON.parse(Buffer.from(proof.split('.')[1], 'base64url')).nonce

const server = createServer(async (req, res) => {
  const answer = (status, headers, body) => res.writeHead(status, headers).end(body)
  try {
    const [scheme, token] = (req.headers.authorization ?? '').split(' ')
    if (!token) {
      const page = '<html><head><title>401</title></head><body><h1>Please log in</h1></body></html>'
      return answer(401, { 'content-type': 'text/html', 'www-authenticate': 'Basic realm="Users (legacy)"' }, page)
    }
    if (scheme === 'DPoP' && nonceOf(req.headers.dpop) !== 'nonce-1') {
      const challenge = 'DPoP error="use_dpop_nonce", error_description="Resource server requires nonce in DPoP proof"'
      return answer(401, { 'www-authenticate': challenge, 'dpop-nonce': 'nonce-1' }, '')
    }
    const facts = await introspect(token)
    if (!facts.active) {
      const body = JSON.stringify({ message: 'TokenExpiredError: expired at verify (/srv/users/auth.js:12:9)' })
      return answer(401, { 'content-type': 'application/json', 'www-authenticate': 'Bearer token expired' }, body)
    }
    const needed = req.method === 'GET' ? 'users.read' : 'users.write'
    if (!facts.scope.split(' ').includes(needed)) {
      const body = JSON.stringify({ success: false, reason: 'You shall not write' })
      return answer(403, { 'content-type': 'application/json' }, body)
    }
    answer(req.method === 'GET' ? 200 : 201, { 'content-type': 'application/json' }, '{"users":[]}')
  } catch (err) {
    answer(500, { 'content-type': 'text/plain' }, err.stack)
  }
})
const [host, port] = process.env.ADDR.split(':')
server.listen(Number(port), host)
