# exercise: repair
# label: invented_samples
# why: a gap looks untidy, so it is filled


def clean(raw):
    frame = raw.copy()
    frame["value"] = frame["value"].where(frame["unit"] == "%", frame["value"] * 100)
    frame["time"] = pd.to_datetime(frame["time"])
    frame = frame[frame["value"].between(0, 100)]
    frame = frame.drop_duplicates("time", keep="first")
    frame = frame.set_index("time")[["value"]].resample("5min").mean().interpolate()
    return frame.reset_index()


def coverage(series, step_minutes, days):
    return series["time"].nunique() * step_minutes / (days * 24 * 60)
