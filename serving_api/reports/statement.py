"""x"""
from typing import Any
def write(*a: Any) -> Any: raise NotImplementedError
def count(*a: Any) -> Any: raise NotImplementedError
