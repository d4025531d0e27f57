// A camera for tests that are not about pictures: to encode 720 lines three times takes one processor for each person.

/** Runs in the page before its scripts. */
export function installSmallCamera() {
  const { mediaDevices } = navigator;
  const open = mediaDevices?.getUserMedia.bind(mediaDevices);
  if (!open) return;
  mediaDevices.getUserMedia = (wanted) => {
    const video = wanted.video && { ...wanted.video, width: 640, height: 360, frameRate: 20 };
    return open({ ...wanted, video });
  };
}
