"""The learned extractor: tags sources, cues and contents, then links them into statements."""
