MODEL (
  name peer_sqlmesh.rates,
  kind SEED (path '../seeds/fx_rates.csv'),
  columns (date Date, currency String, usd_rate Decimal(18, 8))
);
