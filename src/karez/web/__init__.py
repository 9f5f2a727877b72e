"""The pages and the HTTP door of the hub: people look, machines deliver; nothing is decided here."""
