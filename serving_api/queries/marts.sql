select
    table as mart,
    argMinIf(name, position, match(type, '^(Nullable\\()?Date')) as date_column
from system.columns
where database = currentDatabase()
group by mart
order by mart
