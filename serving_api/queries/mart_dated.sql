select
    count() as row_count,
    toDate(maxOrNull({date_column:Identifier})) as last_date
from {mart:Identifier}
