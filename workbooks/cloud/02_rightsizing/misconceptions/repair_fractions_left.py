# exercise: repair
# label: fractions_left
# why: the column unit is not looked at


def clean(raw):
    frame = raw.copy()
    frame["time"] = pd.to_datetime(frame["time"])
    frame = frame[frame["value"].between(0, 100)]
    frame = frame.drop_duplicates("time", keep="first")
    return frame.sort_values("time")[["time", "value"]].reset_index(drop=True)


def coverage(series, step_minutes, days):
    return series["time"].nunique() * step_minutes / (days * 24 * 60)
