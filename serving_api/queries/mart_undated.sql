select
    count() as row_count,
    null as last_date
from {mart:Identifier}
