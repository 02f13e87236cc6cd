# exercise: repair
# label: last_kept
# why: the newest row is thought to be the right one


def clean(raw):
    frame = raw.copy()
    frame["value"] = frame["value"].where(frame["unit"] == "%", frame["value"] * 100)
    frame["time"] = pd.to_datetime(frame["time"])
    frame = frame[frame["value"].between(0, 100)]
    frame = frame.drop_duplicates("time", keep="last")
    return frame.sort_values("time")[["time", "value"]].reset_index(drop=True)


def coverage(series, step_minutes, days):
    return series["time"].nunique() * step_minutes / (days * 24 * 60)
