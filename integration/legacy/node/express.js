// An Express application that fails in Express's own ways.
const express = require('express')

const app = express()
app.use(express.json())
app.get('/', (req, res) => res.send('hello'))
app.post('/orders', (req, res) => res.json(req.body))
app.get('/boom', () => {
  throw new Error('connection to 10.0.3.7 refused')
})
app.get('/orders/:id', (req, res) => {
  res.status(404).json({ error: { code: 'OrderNotFound', message: 'There is no such order' } })
})
const [host, port] = process.env.ADDR.split(':')
app.listen(port, host)
