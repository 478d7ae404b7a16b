// A NestJS application in plain JavaScript: decorators are called by hand.
require('reflect-metadata')
const { ConflictException, Controller, ForbiddenException, Get, Module, NotFoundException, ParseIntPipe, Param, UnauthorizedException } = require('@nestjs/common')
const { NestFactory } = require('@nestjs/core')

class Orders {
  home () { return 'hello' }
  find (id) { throw new NotFoundException('There is no such order') }
  conflict () { throw new ConflictException() }
  boom () { throw new Error('connection to 10.0.3.7 refused') }
  me () { throw new UnauthorizedException() }
  forbidden () { throw new ForbiddenException('Only the owner may see this order') }
}
const routes = { home: '', boom: 'boom', conflict: 'conflict', me: 'me', forbidden: 'forbidden', find: 'orders/:id' }
for (const [method, path] of Object.entries(routes)) {
  Get(path)(Orders.prototype, method, Object.getOwnPropertyDescriptor(Orders.prototype, method))
}
Param('id', ParseIntPipe)(Orders.prototype, 'find', 0)
Controller()(Orders)
class App {}
Module({ controllers: [Orders] })(App)

const [host, port] = process.env.ADDR.split(':')
NestFactory.create(App, { logger: ['error'] }).then(app => app.listen(port, host))
