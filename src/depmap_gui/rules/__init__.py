"""What the law says, and when: rule packs, entity status, license control, ratios, tests."""
