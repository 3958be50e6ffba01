"""The report builder: questions for metrics of the catalog, compiled to SQL on the marts."""

from serving_api.builder.columns import OutputColumn
from serving_api.builder.compiler import Statement, compile_query
from serving_api.builder.query import Filter, Query

__all__ = ["Filter", "OutputColumn", "Query", "Statement", "compile_query"]
