// A client of the resource server at RESOURCE, with tokens of ISSUER. It acts on
// nothing but the challenges, and writes what happened as JSON.
import * as client from 'openid-client'

const users = new URL('/users', process.env.RESOURCE)
const insecure = { execute: [client.allowInsecureRequests] } // both are on loopback
const discover = (secret) => client.discovery(new URL(process.env.ISSUER), 'app', secret, client.ClientSecretBasic(secret), insecure)
const config = await discover('app-secret')
const story = {}

// bodyOf reads an answer that should be JSON, and may be a page.
const bodyOf = async (response) => {
  const text = await response.text()
  return text.startsWith('{') ? JSON.parse(text) : { page: text }
}

// ask returns the status, and what the challenges say.
async function ask(token, method, dpop) {
  try {
    const options = dpop ? { DPoP: dpop } : {}
    const response = await client.fetchProtectedResource(config, token, users, method, undefined, undefined, options)
    return { status: response.status, body: await bodyOf(response) }
  } catch (err) {
    if (!(err instanceof client.WWWAuthenticateChallengeError)) throw err
    return { status: err.status, body: await bodyOf(err.response), challenges: err.cause }
  }
}

const grant = async (scope, options) => (await client.clientCredentialsGrant(config, { scope }, options)).access_token

// Without a token, and with one that nobody issued.
const response = await fetch(users)
story.nobody = { status: response.status, body: await bodyOf(response), challenge: response.headers.get('www-authenticate') }
story.stranger = await ask('nobody-issued-this', 'GET')

// A small scope is enough to read, and not to write: step up to the scope that
// the challenge names (RFC 6750 section 3.1).
const small = await grant('users.read')
story.read = await ask(small, 'GET')
story.refused = await ask(small, 'POST')
const refusal = story.refused.challenges?.[0].parameters
if (refusal?.error === 'insufficient_scope') {
  story.steppedUp = await ask(await grant(refusal.scope), 'POST')
}

// A token that was revoked: the challenge says so, get another.
await client.tokenRevocation(config, small)
story.revoked = await ask(small, 'GET')
if (story.revoked.challenges?.[0].parameters.error === 'invalid_token') {
  story.renewed = await ask(await grant('users.read'), 'GET')
}

// A DPoP token: openid-client answers a challenge for a nonce (RFC 9449 section 9)
// by itself.
const dpop = client.getDPoPHandle(config, await client.randomDPoPKeyPair())
story.proved = await ask(await grant('users.read', { DPoP: dpop }), 'GET', dpop)

// What the token endpoint says is between it and the client (RFC 6749 section 5.2).
const fails = async (request) => {
  try {
    await request
  } catch (err) {
    return { status: err.status, error: err.error, challenges: err instanceof client.WWWAuthenticateChallengeError ? err.cause : undefined }
  }
  throw new Error('the token endpoint said yes')
}
story.wrongSecret = await fails(client.clientCredentialsGrant(await discover('wrong'), { scope: 'users.read' }))
story.wrongGrant = await fails(client.genericGrantRequest(config, 'urn:example:magic', {}))

console.log(JSON.stringify(story, null, 2))
