//! An embedded Liquid-like chain with Esplora's HTTP API, and AMP's API beside it, on loopback.
