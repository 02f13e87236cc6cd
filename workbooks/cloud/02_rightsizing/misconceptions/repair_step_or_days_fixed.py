# exercise: repair
# label: step_or_days_fixed
# why: this export's 4,032 samples are thought to be every export's


def clean(raw):
    frame = raw.copy()
    frame["value"] = frame["value"].where(frame["unit"] == "%", frame["value"] * 100)
    frame["time"] = pd.to_datetime(frame["time"])
    frame = frame[frame["value"].between(0, 100)]
    frame = frame.drop_duplicates("time", keep="first")
    return frame.sort_values("time")[["time", "value"]].reset_index(drop=True)


def coverage(series, step_minutes, days):
    return series["time"].nunique() / 4032
