"""Rebuild the gazetteer from pinned registry packages; the running hub never imports this."""
