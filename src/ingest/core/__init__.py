"""What every room uses: the model, errors, ids, events, settings, URLs and files. It imports no other room."""
