"""A Flask application that fails in Flask's own ways."""

import os

from flask import Flask, abort

app = Flask(__name__)


@app.get("/")
def home():
    return "hello"


@app.post("/orders")
def orders():
    abort(409, "An order with this number already exists.")


@app.get("/boom")
def boom():
    raise RuntimeError("connection to 10.0.3.7 refused")


host, port = os.environ["ADDR"].split(":")
app.run(host=host, port=int(port))
