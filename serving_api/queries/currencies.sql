select distinct currency
from exchange_rates
order by currency
