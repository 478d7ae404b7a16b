// Reads lists of WWW-Authenticate field lines from standard input (JSON), and
// writes what each client makes of each list.
import { text } from 'node:stream/consumers'
import { extractWWWAuthenticateParams } from '@modelcontextprotocol/client'
import * as oauth from 'oauth4webapi'

const refuse = (lines) => new Response(null, {
  status: 401,
  headers: lines.map((line) => ['WWW-Authenticate', line]),
})

async function readOAuth4WebAPI(lines) {
  try {
    await oauth.protectedResourceRequest('token', 'GET', new URL('https://example.com/'), undefined, undefined, {
      [oauth.customFetch]: () => refuse(lines),
    })
  } catch (err) {
    if (err instanceof oauth.WWWAuthenticateChallengeError) return err.cause
    throw err
  }
  return null // it found no challenge that it can read
}

function readMCP(lines) {
  const { resourceMetadataUrl, ...rest } = extractWWWAuthenticateParams(refuse(lines))
  return { ...rest, resourceMetadata: resourceMetadataUrl?.href }
}

const out = []
for (const lines of JSON.parse(await text(process.stdin))) {
  out.push({ oauth4webapi: await readOAuth4WebAPI(lines), mcp: readMCP(lines) })
}
process.stdout.write(JSON.stringify(out))
