# exercise: repair
# label: span_coverage
# why: coverage is read as last minus first


def clean(raw):
    frame = raw.copy()
    frame["value"] = frame["value"].where(frame["unit"] == "%", frame["value"] * 100)
    frame["time"] = pd.to_datetime(frame["time"])
    frame = frame[frame["value"].between(0, 100)]
    frame = frame.drop_duplicates("time", keep="first")
    return frame.sort_values("time")[["time", "value"]].reset_index(drop=True)


def coverage(series, step_minutes, days):
    span = series["time"].max() - series["time"].min()
    return (span.total_seconds() / 60 + step_minutes) / (days * 24 * 60)
