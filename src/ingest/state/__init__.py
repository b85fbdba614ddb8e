"""The state of the pipeline: what is looked up or changed row by row, in SQLite or PostgreSQL."""

from .database import State, StateTransaction, statement
from .values import Row, row_of

__all__ = ["Row", "State", "StateTransaction", "row_of", "statement"]
