"""What tests share: factories, the oracle, servers, pages as AppTest runs them."""
