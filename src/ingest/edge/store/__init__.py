"""What is kept between steps. Each function that writes does so in one transaction, and may be repeated."""
