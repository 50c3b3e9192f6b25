"""What the fakes of the platforms have in common: an HTTP server, deliveries, planned faults, a control plane, a page.

For `fake` packages, the local cloud and tests. The product never imports it, and it is left out of the layer.
"""
