"""Files to take away: financial reports, exports, statements, and what the report builder asks for."""
