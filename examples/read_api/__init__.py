"""A typed reader of the API: `answers` is generated from its OpenAPI by `make client`, `client` asks."""
