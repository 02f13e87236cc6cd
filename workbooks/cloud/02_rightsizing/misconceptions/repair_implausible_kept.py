# exercise: repair
# label: implausible_kept
# why: only rows that are not a number are thought to be wrong


def clean(raw):
    frame = raw.copy()
    frame["value"] = frame["value"].where(frame["unit"] == "%", frame["value"] * 100)
    frame["time"] = pd.to_datetime(frame["time"])
    frame = frame.dropna()
    frame = frame.drop_duplicates("time", keep="first")
    return frame.sort_values("time")[["time", "value"]].reset_index(drop=True)


def coverage(series, step_minutes, days):
    return series["time"].nunique() * step_minutes / (days * 24 * 60)
