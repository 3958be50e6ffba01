"""The law of restatement: an incremental build equals a full one and the oracle, whatever came in what order."""
