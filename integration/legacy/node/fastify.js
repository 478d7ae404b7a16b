// A Fastify application that fails in Fastify's own ways.
const app = require('fastify')()

app.get('/', async () => 'hello')
const body = { type: 'object', required: ['email'], properties: { email: { type: 'string' } } }
app.post('/users', { schema: { body } }, async request => request.body)
app.get('/boom', async () => {
  throw new Error('connection to 10.0.3.7 refused')
})
const [host, port] = process.env.ADDR.split(':')
app.listen({ host, port: Number(port) })
