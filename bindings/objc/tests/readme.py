"""readme.py README... -- CLANG...: the Objective-C of the documents compiles."""

import pathlib
import re
import subprocess
import sys

PRELUDE = """
#import <OSSPresign/OSSPresign.h>

@protocol Server
- (OSPCredentials *)currentKey:(NSError **)reason;
- (OSPPresignedURL *)freshURL:(NSError **)reason;
@end

@protocol View
@property (strong) NSProgress *observedProgress;
@property (strong) NSProgress *progress;
@end

void use(id<Server> server, id<View> progressView, id<View> cancelButton, OSPPresigner *presigner,
         OSPGetObjectRequest *request, OSPDownloader *downloader, NSString *string,
         NSDictionary<NSString *, NSString *> *headers, NSURL *fileURL, NSError *error)
"""

dashes = sys.argv.index("--")
found = 0
for document in map(pathlib.Path, sys.argv[1:dashes]):
    blocks = re.findall(r"^```objc\n(.*?)^```", document.read_text(), re.S | re.M)
    assert blocks, f"{document} has none"
    for block in blocks:
        source = PRELUDE + "{\n  {\n" + block + "  }\n}\n"
        done = subprocess.run([*sys.argv[dashes + 1:], "-fsyntax-only", "-x", "objective-c", "-"],
                              input=source, text=True, capture_output=True, check=False)
        assert done.returncode == 0, f"{document}:\n{block}\n{done.stderr}"
        found += 1
print(found, "pieces of Objective-C compile")
