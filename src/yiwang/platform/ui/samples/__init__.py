"""Sample facts for the living page /ui/. All names, firms and figures are invented; they stay in Chinese."""
