"""What Hark costs: an idle month, one case, one agent's polling. From prices, the template and measurements."""
