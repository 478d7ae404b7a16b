// The authorization server: it listens at ADDR, and is known as ISSUER.
import Provider from 'oidc-provider'

const confidential = { redirect_uris: [], response_types: [] }
const provider = new Provider(process.env.ISSUER, {
  clients: [
    { ...confidential, client_id: 'app', client_secret: 'app-secret', grant_types: ['client_credentials'], scope: 'users.read users.write' },
    { ...confidential, client_id: 'service', client_secret: 'service-secret', grant_types: [] },
  ],
  scopes: ['users.read', 'users.write'],
  features: {
    clientCredentials: { enabled: true },
    devInteractions: { enabled: false },
    dPoP: { enabled: true },
    introspection: { enabled: true, allowedPolicy: () => true },
    revocation: { enabled: true },
  },
})
provider.proxy = true // behind Caddy

const [host, port] = process.env.ADDR.split(':')
provider.listen(Number(port), host)
