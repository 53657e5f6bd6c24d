"""The sheets of the live workbook, one module for each sheet or group of sheets."""
