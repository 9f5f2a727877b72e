"""Train the recogniser of Uyghur lines that ships in `karez.reading`: see the README beside this file."""
