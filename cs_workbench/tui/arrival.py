"""Textual's driver for a terminal on which the first picture stands already."""

from textual.drivers.linux_driver import LinuxDriver

from cs_workbench.tui.first_picture import OTHER_SCREEN, FirstPicture


def taking_over(picture: FirstPicture) -> type[LinuxDriver]:
    """A driver that leaves the picture standing until the first frame is drawn over it.

    Going to the other screen again would clear it. What is put back in the end is what was there
    before the picture.
    """

    class Arriving(LinuxDriver):
        is_arriving = True

        def write(self, data: str) -> None:
            draw = super().write  # what Textual drew has passed all filters by now
            draw(data.replace(OTHER_SCREEN, "") if self.is_arriving else data)

        def start_application_mode(self) -> None:
            super().start_application_mode()  # type: ignore[no-untyped-call]  # Textual's
            if self.is_arriving:
                self.is_arriving = False
                self.attrs_before = picture.settings
                picture.hand_over()

    return Arriving
