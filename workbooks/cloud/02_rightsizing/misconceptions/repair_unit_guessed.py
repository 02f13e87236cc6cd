# exercise: repair
# label: unit_guessed
# why: what is small is thought to be a fraction


def clean(raw):
    frame = raw.copy()
    frame["value"] = frame["value"].where(frame["value"] > 1, frame["value"] * 100)
    frame["time"] = pd.to_datetime(frame["time"])
    frame = frame[frame["value"].between(0, 100)]
    frame = frame.drop_duplicates("time", keep="first")
    return frame.sort_values("time")[["time", "value"]].reset_index(drop=True)


def coverage(series, step_minutes, days):
    return series["time"].nunique() * step_minutes / (days * 24 * 60)
