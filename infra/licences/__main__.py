"""`python -m infra.licences`: writes docs/licences.md anew."""

from infra.licences.page import PAGE, text

if __name__ == "__main__":
    PAGE.write_text(text())
    print(PAGE.name)
