"""Training: from annotated texts to the models that :mod:`gia_nlp.facts` and :mod:`gia_nlp.problems` apply.

Every model is trained from a configuration file, the annotated data that it names and a seed; the same three give the
same bytes. Beside the model stands its card: data, settings, scores with intervals, calibration, limits, versions.
"""
