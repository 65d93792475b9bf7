@{before}docker run -d -p @{port}:5000 \
@{options}    --restart always \
    --name registry-@{slug} @{image}
