"""PLC drivers: what every driver offers (`protocol`), and one folder for each protocol."""
